"""Converting pickled checkpoints to ONNX. Runs only in a Python with torch; nothing here is imported at run time.

Each recipe is a module of this package: the published architecture as plain torch modules, a table that maps the
checkpoint's keys to theirs, and inputs for testing the exported file. Its docstring says exactly which features the
model expects; the manifest's ``features`` tables repeat that in short.
"""
