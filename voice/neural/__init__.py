"""The voice lab: networks that give speech another voice, what they learn from, and how they are trained and shrunk.

Only ``losses``, ``models`` and ``training`` and making models smaller need torch (the extra ``lab``); what is exported
runs with ONNX Runtime.
"""
