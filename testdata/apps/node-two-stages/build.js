const fs = require('fs')
const isOdd = require('is-odd')
fs.mkdirSync('dist')
fs.writeFileSync('dist/index.html', `<p>${isOdd(3)}</p>\n`)
