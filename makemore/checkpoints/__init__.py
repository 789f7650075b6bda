"""Models as files, safetensors beside JSON, and which ones are shipped."""
