const http = require('http')
const isOdd = require('is-odd')

http.createServer((request, response) => {
  response.end(isOdd(request.url.length) ? 'odd\n' : 'even\n')
}).listen(process.env.PORT || 8080)
