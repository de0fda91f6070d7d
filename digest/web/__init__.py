"""The pages: those behind links (pages) stand on the way from a link to its visitor (visit); whoever runs the service
has others (operating). It never meets `inbound` or `outbound`.
"""
