// Keys, menus and the theme. Every page works without this file; it only spares
// a click. No code is made from text and nothing is stored here.
'use strict'
;(() => {
  const root = document.documentElement
  const typing = (el) => el && (el.isContentEditable || /^(input|textarea|select)$/i.test(el.tagName))
  const openMenus = () => document.querySelectorAll('details.menu[open]')
  // An invitation's code stands behind #, which goes to no server.
  const code = document.querySelector('input[data-fragment]')
  if (code && location.hash.length > 1) {
    code.value = location.hash.slice(1)
    history.replaceState(null, '', location.pathname)
  }

  const closeMenus = (except) => openMenus().forEach((m) => { if (!except || !m.contains(except)) m.open = false })

  // Theme: the form posts; with script the page changes at once and stays.
  document.addEventListener('click', (event) => {
    const button = event.target.closest('form.theme button[name=theme]')
    if (button) {
      event.preventDefault()
      const theme = button.value
const form = button.form
      fetch(form.action, { method: 'POST', redirect: 'manual', body: new URLSearchParams(new FormData(form, button)) })
      if (theme) root.dataset.theme = theme
      else delete root.dataset.theme
      document.querySelectorAll('form.theme button[name=theme]').forEach((b) => {
        if (b.value === theme) b.setAttribute('aria-pressed', 'true')
        else b.removeAttribute('aria-pressed')
      })
      document.dispatchEvent(new CustomEvent('credence:theme'))
      return
    }
    const copy = event.target.closest('[data-copy]')
    if (copy) {
      const field = document.getElementById(copy.dataset.copy)
      field.select()
      if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(() => { copy.textContent = 'Copied' })
    }
    const tool = event.target.closest('[data-table]')
    if (tool) {
      const table = document.getElementById(tool.dataset.table)
      if (table) {
        event.preventDefault()
        const details = table.closest('details')
        details.open = !details.open
        if (details.open) table.focus()
      }
    }
    closeMenus(event.target)
  })

  const openSelector = (name) => {
    const menu = document.querySelector(`details[data-selector="${name}"]`)
    if (!menu) return false
    menu.open = true
    const current = menu.querySelector('[aria-current]') || menu.querySelector('a')
    if (current) current.focus()
    return true
  }

  const rows = () => [...document.querySelectorAll('tbody tr')].filter((r) => r.querySelector('th a, td a'))
  const step = (by) => {
    const list = rows()
    if (!list.length) return
    const at = list.findIndex((r) => r.contains(document.activeElement))
    const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.max(0, Math.min(list.length - 1, at + by))]
    next.querySelector('th a, td a').focus()
  }

  // A row of segments that does not fit shows the one that holds.
  const showCurrent = () => document.querySelectorAll('.segments > [aria-current]').forEach((current) => {
    const row = current.parentElement
    if (row.scrollWidth > row.clientWidth) row.scrollLeft += current.getBoundingClientRect().left - row.getBoundingClientRect().left - 48
  })
  showCurrent()

  // A what-if changed the address without a new page: the page's other links to
  // itself take the change along.
  document.addEventListener('htmx:pushedIntoHistory', () => {
    const here = new URL(location.href)
    const form = document.querySelector('.what-if-form')
    if (!form) return
    const names = new Set([...here.searchParams.keys(), ...[...form.elements].flatMap((e) => [e.name, e.name.split('.')[0]])].filter((n) => n && !form.querySelector(`input[type=hidden][name="${CSS.escape(n)}"]`)))
    document.querySelectorAll('a[href^="/"]').forEach((link) => {
      const to = new URL(link.getAttribute('href'), location.href)
      if (to.pathname !== here.pathname || link.closest('#what-if')) return
      names.forEach((n) => {
        to.searchParams.delete(n)
        here.searchParams.getAll(n).forEach((v) => to.searchParams.append(n, v))
      })
      link.setAttribute('href', to.pathname + to.search + to.hash)
    })
  })

  // Arrow keys go along a row of choices, of which only one is a tab stop.
  const choices = (group) => [...group.querySelectorAll('a')]
  const stopAt = (group, link) => choices(group).forEach((l) => { l.tabIndex = l === link ? 0 : -1 })
  document.querySelectorAll('[data-arrows]').forEach((group) => {
    stopAt(group, group.querySelector('[aria-current]') || group.querySelector('a'))
    group.addEventListener('keydown', (event) => {
      const links = choices(group)
      const at = links.indexOf(document.activeElement)
      const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key]
      if (to === undefined || at < 0) return
      event.preventDefault()
      const link = links[Math.max(0, Math.min(links.length - 1, to))]
      stopAt(group, link)
      link.focus()
    })
  })
  const toModels = () => {
    const link = document.querySelector('.model-families [aria-current]')
    if (!link || !link.offsetParent) return openSelector('model')
    link.focus()
    return true
  }

  let go = 0
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Escape') {
      if (openMenus().length) { closeMenus(); return }
      if (typing(event.target)) { event.target.blur(); return }
      const chips = document.querySelectorAll('.chip')
      if (chips.length) chips[chips.length - 1].click()
      return
    }
    if (typing(event.target)) return
    if (go && event.timeStamp - go < 1500) {
      go = 0
      const target = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)
      if (target) { event.preventDefault(); location.assign(target.dataset.href) }
      return
    }
    const inMenu = event.target.closest && event.target.closest('.menu-box')
    if (inMenu && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault()
      const links = [...inMenu.querySelectorAll('a')]
      const at = links.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1)
      if (links[at]) links[at].focus()
      return
    }
    switch (event.key) {
      case '/': {
        const search = document.querySelector('.search input')
        if (search) { event.preventDefault(); search.focus(); search.select() }
        break
      }
      case 'g': go = event.timeStamp; break
      case 'j': step(1); break
      case 'k': step(-1); break
      case 'm': if (toModels()) event.preventDefault(); break
      case 'p': if (openSelector('period')) event.preventDefault(); break
      case 't': {
        const all = [...document.querySelectorAll('details.behind')]
        const open = all.some((d) => !d.open)
        all.forEach((d) => { d.open = open })
        break
      }
      case '?': {
        const keys = document.getElementById('keys')
        if (keys && !keys.open) keys.showModal()
        break
      }
    }
  })
})()
