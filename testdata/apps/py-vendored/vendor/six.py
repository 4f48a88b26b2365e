raise ImportError('this is ours')
