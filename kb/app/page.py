"""What `kb app` hands to Streamlit; it lies inside the package so that an installed wheel has it too."""

from kb.app.main import main

main()
