const fs = require('fs')
const files = fs.readdirSync('.').filter(name => name !== 'node_modules')
fs.writeFileSync('files.json', JSON.stringify(files.sort()))
