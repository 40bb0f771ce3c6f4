"""Pictures of what the gallery holds: heat maps of coverage and contact sheets. Pillow and plain HTML, nothing else."""
