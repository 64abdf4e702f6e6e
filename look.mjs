import { chromium } from 'playwright-core'
const base = process.env.BASE ?? 'http://127.0.0.1:3460'
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu'] })
const context = await browser.newContext({ baseURL: base, locale: 'vi-VN', viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
context.setDefaultTimeout(30000)
const page = await context.newPage()
page.on('console', (m) => { if (m.type() !== 'info' && m.type()!=='debug' && !m.text().startsWith('No Vietnamese')) console.log('console', m.type(), m.text().slice(0, 300)) })
page.on('pageerror', (e) => console.log('pageerror', e.stack?.slice(0, 600)))
await page.goto('/sign-in')
await page.locator('input[name=username]').fill('quantri')
await page.locator('input[name=password]').fill('imoit-demo')
await page.locator('button[type=submit]').click()
await page.waitForURL((u) => !u.pathname.startsWith('/sign-in'))
const { default: steps } = await import(process.argv[2])
try { await steps(page, browser) } catch (e) { console.log(e.message.slice(0,1500)); await page.screenshot({ path: '/tmp/dzpics/failed.png' }) }
await browser.close()
