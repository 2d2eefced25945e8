// Copies the third-party assets of the pages from node_modules into dist, with a
// content hash in each name, a gzip beside each that gains by it, and
// manifest.json (plain name → hashed name). Run after `npm ci`; Go embeds dist.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
const modules = join(here, 'node_modules')
const dist = join(here, 'dist')

// Names of Tabler's outline icons the pages use. A page that names another
// shows nothing there, and the test of the sprite says which.
const icons = [
  'sun', 'moon', 'sun-moon', 'briefcase', 'target-arrow', 'arrows-split-2', 'speakerphone', 'scale', 'file-text',
  'plug-connected', 'clipboard-check', 'users', 'shield-lock', 'settings', 'history', 'search', 'chevron-down',
  'chevron-right', 'x', 'table', 'download', 'alert-triangle', 'alert-circle', 'eye-off', 'hourglass', 'printer',
  'refresh', 'dots', 'check', 'info-circle', 'external-link', 'logout', 'circle-x', 'arrow-left', 'file-spreadsheet',
  'braces', 'user', 'filter', 'plus', 'player-play', 'database', 'mail', 'message', 'phone', 'calendar-event', 'keyboard',
]

const manifest = {}

function put(name, body) {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 8)
  const ext = extname(name)
  const hashed = `${name.slice(0, -ext.length)}.${hash}${ext}`
  writeFileSync(join(dist, hashed), body)
  const zipped = gzipSync(body, { level: 9 })
  if (zipped.length < body.length * 0.95) writeFileSync(join(dist, `${hashed}.gz`), zipped)
  manifest[name] = hashed
  return hashed
}

function sprite() {
  const symbols = icons.map((name) => {
    const svg = readFileSync(join(modules, '@tabler/icons/icons/outline', `${name}.svg`), 'utf8')
    const inner = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'))
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, ' ').trim()}</symbol>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`
}

// Inter with optical sizes, in the subsets European names need; the browser
// fetches a subset only when a page has a letter of it.
function fonts() {
  const source = readFileSync(join(modules, '@fontsource-variable/inter/opsz.css'), 'utf8')
  const faces = source.match(/@font-face\s*{[^}]*}/g).filter((face) => /latin|greek-opsz|cyrillic-opsz/.test(face))
  return faces.map((face) => face.replace(/url\(\.\/files\/([^)]+)\)/, (_, file) => {
    const hashed = put(file, readFileSync(join(modules, '@fontsource-variable/inter/files', file)))
    return `url(${hashed})`
  })).join('\n') + '\n'
}

mkdirSync(dist, { recursive: true })
for (const name of readdirSync(dist)) if (name !== '.keep') rmSync(join(dist, name), { recursive: true })
put('echarts.js', readFileSync(join(modules, 'echarts/dist/echarts.min.js')))
put('htmx.js', readFileSync(join(modules, 'htmx.org/dist/htmx.min.js')))
put('icons.svg', sprite())
put('fonts.css', fonts())
put('licences.txt', ['echarts', 'htmx.org', '@fontsource-variable/inter', '@tabler/icons'].map((name) =>
  `${name}\n\n${readFileSync(join(modules, name, 'LICENSE'), 'utf8')}`).join('\n\n'))
writeFileSync(join(dist, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
console.log(`${Object.keys(manifest).length} assets in ui/dist`)
