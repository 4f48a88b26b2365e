import sys
sys.path.insert(0, 'vendor')
import six
