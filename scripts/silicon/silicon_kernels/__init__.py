"""What kernels.py runs on a GPU: needs PyTorch and Triton."""
