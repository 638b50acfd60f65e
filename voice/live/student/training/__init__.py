"""Training the live converter; needs torch and onnx (the extra ``lab``).

``python -m voice.live.student.training.run`` makes what it learns from, trains and exports.
"""
