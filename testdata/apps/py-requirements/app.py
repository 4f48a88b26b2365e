import six
print(six.moves.range(3))
