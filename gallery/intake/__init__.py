"""Taking files in: found, looked at, placed by identity, stored."""
