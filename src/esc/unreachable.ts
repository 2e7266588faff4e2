import { hostOf } from './backend.ts'
import { EscError, quoteRemote } from './errors.ts'

/** The `code` of whatever the port rejected with: Node's codes, or those of HttpFault in src/runner/http.ts. */
export function faultCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}

/** Faults that may be gone in a moment. Certificates, names and answers without end are not among them. */
export function isPassingFault(code: string): boolean {
  return /^(ECONN[A-Z]+|ETIMEDOUT|EPIPE|EAI_AGAIN|E(HOST|NET)UNREACH|ERR_PROXY_TUNNEL|timeout)$/.test(code)
}

const certificate = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|INVALID_CA|HOSTNAME_MISMATCH)/

function adviceOf(code: string): { readonly cause: string; readonly remedy: string } {
  if (certificate.test(code))
    return {
      cause:
        'its certificate is not trusted here: a proxy that opens TLS, a self-hosted backend with its own CA, or a wrong clock',
      remedy: 'set NODE_EXTRA_CA_CERTS on the runner to the CA of the proxy or the backend, and compare the clocks',
    }
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code))
    return { cause: 'its name does not resolve on the runner', remedy: 'check backend-url and the runner’s resolver' }
  if (code === 'answer-too-large')
    return { cause: 'it answered without end', remedy: 'check that backend-url leads to the API of Pulumi' }
  if (/^(plain-http|address-invalid)$/.test(code))
    return { cause: 'its address cannot be used', remedy: 'check backend-url' }
  if (/^(HPE_|EPROTO|ERR_SSL_)/.test(code))
    return {
      cause: 'what answers there does not speak HTTPS as an API does',
      remedy: 'check host and port of backend-url',
    }
  if (/^ERR_PROXY_/.test(code))
    return {
      cause: 'the proxy did not let the connection through',
      remedy: 'check HTTPS_PROXY and NO_PROXY of the runner',
    }
  return {
    cause: code === 'timeout' ? 'there was no complete answer in time' : 'the connection failed',
    remedy: 'check that the runner may reach it (firewall, HTTPS_PROXY), look at status.pulumi.com, then run it again',
  }
}

/** No answer at all, after all tries. `request` names the request without its secrets. */
export function unreachable(error: unknown, address: string, request: string, tries: number): EscError {
  if (error instanceof EscError) return error
  const code = faultCode(error)
  const said = quoteRemote(error instanceof Error ? error.message : String(error))
  return new EscError('esc-unreachable', {
    title: `the Pulumi API at ${hostOf(address)} gave no answer${tries > 1 ? ` in ${tries} tries` : ''}`,
    ...adviceOf(code),
    evidence: [`${request}: ${code === '' || said.includes(code) ? said : `${code} ${said}`}`],
  })
}
