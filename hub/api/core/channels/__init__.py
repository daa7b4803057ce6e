"""Where customers write."""
