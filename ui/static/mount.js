// Mounts the charts of a page: reads each figure's option (data, never code),
// resolves colours from the page's variables and number formats by name, and
// draws it with ECharts as SVG. Re-mounts when the theme or the size changes and
// when htmx brings a new figure.
'use strict'
;(() => {
  const echartsURL = document.currentScript.dataset.echarts
  const locale = document.documentElement.dataset.numbers || 'en-GB'
  const NNBSP = '\u202f'
  const mounted = new Map() // figure -> {chart, observer}
  let library

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

  const plain = (v, digits = 0) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(v)
  const upTo = (v, digits) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(v)
  const compact = (v) => {
    const a = Math.abs(v)
    if (a < 999.5) return [upTo(v, 0), '']
    if (a < 999500) return [upTo(v / 1e3, a < 99950 ? 1 : 0), NNBSP + 'k']
    if (a < 999.5e6) return [upTo(v / 1e6, a < 9.995e6 ? 2 : 1), NNBSP + 'M']
    return [upTo(v / 1e9, 2), NNBSP + 'bn']
  }
  const signs = { EUR: '€', USD: '$', GBP: '£', JPY: '¥', INR: '₹', KRW: '₩' }
  const signFirst = /^(en|nl)/.test(locale)
  const money = (v, code, exact) => {
    const [text, unit] = exact ? [plain(v), ''] : compact(v)
    const sign = signs[code] || code + NNBSP
    return signFirst ? (v < 0 ? '−' : '') + sign + text.replace(/^[-−]/, '') + unit : text + unit + NNBSP + (signs[code] || code)
  }
  const missing = (v) => v === null || v === undefined || v === '-' || Number.isNaN(+v)

  // Formats by name: "money:EUR", "exact:EUR", "percent:0", "count", "number:2".
  const formats = {
    money: (code) => (v) => (missing(v) ? '–' : money(+v, code)),
    exact: (code) => (v) => (missing(v) ? '–' : money(+v, code, true)),
    percent: (digits) => (v) => (missing(v) ? '–' : plain(v * 100, +digits || 0) + NNBSP + '%'),
    count: () => (v) => (missing(v) ? '–' : plain(v)),
    number: (digits) => (v) => (missing(v) ? '–' : plain(v, +digits || 0)),
  }
  const format = (name) => {
    const [kind, arg] = String(name || 'count').split(':')
    return (formats[kind] || formats.count)(arg)
  }

  // Strings "var(--x)" become the colour of that token, wherever they stand.
  const resolve = (node) => {
    if (typeof node === 'string') {
      const m = /^var\((--[a-z0-9-]+)\)$/.exec(node)
      return m ? token(m[1]) : node
    }
    if (Array.isArray(node)) return node.map(resolve)
    if (node && typeof node === 'object') return Object.fromEntries(Object.entries(node).map(([k, v]) => [k, resolve(v)]))
    return node
  }

  const axisStyle = (axis, fmt, isValue) => ({
    ...axis,
    axisLine: { show: !isValue, lineStyle: { color: token('--line-2') } },
    axisTick: { show: false },
    splitLine: { show: isValue, lineStyle: { color: token('--line') } },
    splitNumber: axis.splitNumber || 4,
    nameTextStyle: { color: token('--ink-3'), fontSize: 11 },
    axisLabel: { color: token('--ink-3'), fontSize: 11, hideOverlap: true, ...(axis.axisLabel || {}), ...(isValue ? { formatter: format(fmt) } : {}) },
  })

  // house is the look every chart shares: one frame-less grid, few lines, no motion.
  const house = (raw, narrow) => {
    const option = resolve(raw)
    const own = option.credence || {}
    delete option.credence
    const list = (x) => (Array.isArray(x) ? x : x ? [x] : [])
    const value = (a) => a.type === 'value' || a.type === 'log'
    option.xAxis = list(option.xAxis).map((a) => axisStyle(a, own.x, value(a)))
    option.yAxis = list(option.yAxis).map((a) => axisStyle(a, own.y, value(a)))
    const lines = list(option.series).every((s) => s.type === 'line')
    option.xAxis.forEach((a) => { if (lines && a.type === 'category') a.boundaryGap = false })
    const touch = option.tooltip && option.tooltip.trigger === 'item' ? 'item' : 'axis'
    const valueFormat = format(own.tip || own.y)
    option.tooltip = {
      trigger: touch, renderMode: 'richText', confine: true, transitionDuration: 0,
      backgroundColor: token('--surface'), borderColor: token('--line'), borderWidth: 1, padding: [8, 10],
      textStyle: { color: token('--ink'), fontSize: 12, lineHeight: 17, fontFamily: option.textStyle.fontFamily },
      valueFormatter: valueFormat,
      axisPointer: { type: 'line', lineStyle: { color: token('--line-2'), width: 1 }, label: { show: false } },
    }
    option.legend = { show: false }
    option.grid = { left: 4, right: narrow && list(option.series).some((s) => s.type === 'scatter') ? 16 : own.right || 16, top: own.top || 16, bottom: 4, containLabel: true, ...(Array.isArray(option.grid) ? option.grid[0] : option.grid) }
    option.animation = false
    option.aria = { enabled: false }
    option.backgroundColor = 'transparent'
    delete option.toolbox
    delete option.title
    list(option.series).forEach((s) => {
      if (s.type === 'scatter') {
        s.itemStyle = { opacity: 1, ...(s.itemStyle || {}) }
        if (narrow) s.label = { show: false } // the names stand in the table below
      }
      if (s.hatched) {
        s.itemStyle = { ...(s.itemStyle || {}), color: token('--paper'), borderColor: token('--hatch'), borderWidth: 1,
          decal: { symbol: 'rect', color: token('--hatch'), dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: -Math.PI / 4 } }
        delete s.hatched
      }
      if (s.endLabel && s.endLabel.show) s.labelLayout = { moveOverlap: 'shiftY' }
      if (s.quiet) { s.tooltip = { show: false }; s.silent = true; delete s.quiet }
    })
    return option
  }

  const load = () => {
    library = library || new Promise((done, fail) => {
      const script = document.createElement('script')
      script.src = echartsURL
      script.onload = () => done(window.echarts)
      script.onerror = () => fail(new Error('ECharts did not load'))
      document.head.append(script)
    })
    return library
  }

  const unmount = (figure) => {
    const was = mounted.get(figure)
    if (!was) return
    was.observer.disconnect()
    was.chart.dispose()
    was.place.remove()
    mounted.delete(figure)
  }

  const mount = async (figure) => {
    const data = figure.querySelector('script[type="application/json"]')
    if (!data) return
    const [echarts] = await Promise.all([load(), document.fonts ? document.fonts.ready : null])
    if (!figure.isConnected) return
    unmount(figure)
    const place = document.createElement('div')
    place.className = 'chart-place'
    figure.append(place)
    const chart = echarts.init(place, null, { renderer: 'svg' })
    const option = JSON.parse(data.textContent)
    option.textStyle = { fontFamily: getComputedStyle(document.body).fontFamily, color: token('--ink') }
    chart.setOption(house(option, place.clientWidth < 560))
    let width = place.clientWidth
    const observer = new ResizeObserver(() => {
      if (place.clientWidth !== width) { width = place.clientWidth; chart.resize() }
    })
    observer.observe(place)
    chart.on('click', (event) => {
      const href = event.data && event.data.href
      if (typeof href === 'string' && href.startsWith('/')) location.assign(href)
    })
    mounted.set(figure, { chart, observer, place })
    arrows(figure, chart)
  }

  // One stop for the keyboard; arrow keys walk the values inside.
  const arrows = (figure, chart) => {
    if (figure.dataset.keys) return
    figure.dataset.keys = 'yes'
    let at = -1
    figure.addEventListener('keydown', (event) => {
      const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
      const now = mounted.get(figure)
      if (!by || !now) return
      event.preventDefault()
      const data = (now.chart.getOption().series[0] || {}).data || []
      at = Math.max(0, Math.min(data.length - 1, at + by))
      now.chart.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: at })
    })
    figure.addEventListener('blur', () => {
      const now = mounted.get(figure)
      if (now) now.chart.dispatchAction({ type: 'hideTip' })
    })
  }

  const within = (node) => {
    const all = [...node.querySelectorAll('[data-chart]')]
    if (node.matches && node.matches('[data-chart]')) all.unshift(node)
    return all
  }
  const mountAll = (node) => within(node).forEach((f) => mount(f).catch((e) => { f.dataset.failed = e.message }))
  const remount = () => [...mounted.keys()].forEach((f) => (f.isConnected ? mount(f) : unmount(f)))

  mountAll(document)
  document.addEventListener('htmx:load', (event) => mountAll(event.detail.elt))
  document.addEventListener('htmx:beforeCleanupElement', (event) => within(event.target).forEach(unmount))
  document.addEventListener('credence:theme', remount)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', remount)
})()
