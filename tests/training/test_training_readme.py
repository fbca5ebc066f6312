"""training/README.md names every script that is run, every resource, and leads nowhere in vain."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "training" / "README.md").read_text(encoding="utf-8")


def test_every_script_with_a_command_line_is_named_and_every_named_one_exists():
    named = set(re.findall(r"python (?:training/|-m training\.)(\w+)", README)) | {"evaluate_encoder"}
    runnable = {
        path.stem for path in (ROOT / "training").glob("*.py") if '__name__ == "__main__"' in path.read_text("utf-8")
    }
    assert named == runnable
    assert "make bench-encoder" in README


def test_every_resource_is_listed():
    resources = {
        path.name
        for path in (ROOT / "kb" / "resources").iterdir()
        if path.suffix not in {".py", ".md"} and path.name not in {"__pycache__", "models.json"}
    }
    listed = set(re.findall(r"^\| `([\w./]+)` \| ", README, re.MULTILINE))
    assert {name.rstrip("/") for name in listed} >= resources


def test_every_link_leads_to_a_file():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert all((ROOT / "training" / link).exists() for link in links)
