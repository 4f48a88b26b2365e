import sys
open('/wanted.txt', 'w').write(' '.join(sys.argv[1:]) + '\n')
