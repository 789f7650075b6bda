"""Models as files, tensors and what they mean under one seal, and which ones are shipped."""
