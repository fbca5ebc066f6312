import pytest
from model_server import running


@pytest.fixture
def server():
    """A server that answers as the test says."""
    with running() as state:
        yield state
