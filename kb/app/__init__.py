"""The Streamlit app: it parses input, calls the knowledge base and shows what comes back."""
