import type { PulumiPlace, StackReference } from './model.ts'

/**
 * The page of an update in a line of the CLI: `View Live: https://app.pulumi.com/org/project/stack/updates/7` (pulumi/pulumi:
 * pkg/backend/display/display.go, pkg/backend/httpstate/backend.go getPermalink). Empty: none. The program prints to the same
 * stream, so only the page of this stack, at the console of this backend, is taken for one.
 */
export function permalinkIn(line: string, place: PulumiPlace, stack: StackReference): string {
  const text = /^View Live: (https?:\/\/\S{1,500})$/.exec(line.trim())?.[1] ?? ''
  if (!URL.canParse(text)) return ''
  const url = new URL(text)
  const own = [stack.organization, stack.project, stack.stack].map(encodeURIComponent).join('/')
  const isOwn = url.pathname.startsWith(`/${own}/`)
  const isPage = /\/(updates\/\d{1,9}|previews\/[A-Za-z0-9-]{1,64})$/.test(url.pathname)
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  return isOwn && isPage && isPlain && url.origin === consoleOf(place) ? url.href : ''
}

/** Where a backend's console is: CloudConsoleURL in pkg/backend/httpstate/client/console.go. Empty: not known. */
function consoleOf({ environment }: PulumiPlace): string {
  const backend = environment.PULUMI_BACKEND_URL || 'https://api.pulumi.com'
  if (!URL.canParse(backend)) return ''
  const url = new URL(backend)
  const domain = environment.PULUMI_CONSOLE_DOMAIN
  if (domain) return URL.canParse(`${url.protocol}//${domain}`) ? new URL(`${url.protocol}//${domain}`).origin : ''
  if (url.host.startsWith('api.')) return `${url.protocol}//app.${url.host.slice('api.'.length)}`
  return url.host === 'localhost:8080' ? `${url.protocol}//localhost:3000` : ''
}
