// Keys, menus and the theme. Every page works without this file; it only spares
// a click. No code is made from text and nothing is stored here.
'use strict'
;(() => {
  const root = document.documentElement
  const typing = (el) => el && (el.isContentEditable || /^(input|textarea|select)$/i.test(el.tagName))
  const openMenus = () => document.querySelectorAll('details.menu[open]')
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
      case 'm': if (openSelector('model')) event.preventDefault(); break
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
