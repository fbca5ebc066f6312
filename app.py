"""The Streamlit entry: `streamlit run app.py`, or better `kb app`, which also keeps the server on this machine."""

from kb.app.main import main

main()
