def greet(name):
    """Says hello."""
    return name
