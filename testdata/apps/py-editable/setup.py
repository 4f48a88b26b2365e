from setuptools import setup
setup(name='greet', version='1.0', py_modules=['greet'], install_requires=['six==1.16.0'],
      entry_points={'console_scripts': ['greet=greet:main']})
