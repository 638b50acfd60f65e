"""Converting pickled checkpoints to ONNX. Runs only in a Python that has torch; nothing here is imported at run time.

Each recipe is a module of this package: the published architecture written as plain torch modules, a table that renames
the checkpoint's keys to theirs, and the inputs to try the exported file with. Its docstring says exactly which features
the model expects; the manifest's ``features`` tables repeat that in short.
"""
