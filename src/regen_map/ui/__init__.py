"""What pages are made of: filters, the map, the list, details. The only package that knows Streamlit."""
