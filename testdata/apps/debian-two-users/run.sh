id web
