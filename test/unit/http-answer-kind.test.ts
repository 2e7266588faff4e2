import { describe, expect, it } from '@jest/globals'
import { faultOf, timeoutFault } from '../../src/http/fault.ts'
import { answerKind, HttpFault } from '../../src/http/index.ts'

const url = 'https://gpu.example.org/v2/health/live'
const html = 'text/html; charset=UTF-8'
const cloudflare = { server: 'cloudflare', 'cf-ray': '0-X' }
const kind = (status: number, headers: Record<string, string> = {}, body = '') =>
  answerKind({ status, headers, body: Buffer.from(body) }, url)

describe('who answered', () => {
  it.each<[string, ReturnType<typeof answerKind>, number, Record<string, string>, string]>([
    ['an empty 200', 'endpoint', 200, {}, ''],
    ['a 400 of Triton that is not ready', 'endpoint', 400, {}, ''],
    ['an error of Triton as text', 'endpoint', 500, { 'content-type': 'text/plain' }, '{"error":"x"}'],
    ['a restricted API of Triton behind Cloudflare', 'endpoint', 403, cloudflare, '{"error":"This API is restricted"}'],
    ['an unavailable server', 'endpoint', 503, {}, '{"error":"x"}'],
    [
      'the login at the host of the team',
      'access-login',
      302,
      { location: 'https://t.cloudflareaccess.com/cdn-cgi/access/login/x' },
      '',
    ],
    [
      'the login of the team at another path',
      'access-login',
      302,
      { location: 'https://t.cloudflareaccess.com/x' },
      '',
    ],
    ['the login under the own host', 'access-login', 302, { location: '/cdn-cgi/access/login/x' }, ''],
    [
      'the login where a machine is told 401',
      'access-login',
      401,
      { 'www-authenticate': 'Cloudflare-Access resource_metadata="x"' },
      '',
    ],
    [
      'a login page with 200',
      'access-login',
      200,
      { 'content-type': html },
      '<!DOCTYPE html><form action="https://t.cloudflareaccess.com/x">',
    ],
    [
      'a host that only looks like Access',
      'redirect',
      302,
      { location: 'https://cloudflareaccess.com.evil.example/login' },
      '',
    ],
    ['another redirect', 'redirect', 301, { location: 'https://elsewhere.example.org/' }, ''],
    ['a redirect to nowhere', 'redirect', 302, { location: 'http://[' }, ''],
    ['a redirect without a place', 'redirect', 307, {}, ''],
    ['Access that refuses', 'access-refused', 403, { ...cloudflare, 'content-type': html }, '<html>Forbidden'],
    ['somebody else that refuses', 'page', 403, { 'content-type': html }, '<html>Forbidden'],
    ['a tunnel without a connector', 'tunnel-down', 530, { ...cloudflare, 'content-type': html }, 'error code: 1033'],
    ['the same for a machine', 'tunnel-down', 530, { 'content-type': 'application/json' }, '{"error_code": 1033}'],
    ['an origin that is down', 'origin-down', 502, { 'content-type': html }, '<html>'],
    ['an origin that is too slow', 'origin-down', 504, {}, ''],
    ['an origin that refuses', 'origin-down', 521, {}, 'error code: 521'],
    ['a page', 'page', 200, { 'content-type': html }, 'Welcome'],
    ['a page that calls itself text', 'page', 200, { 'content-type': 'text/plain' }, ' \n<!doctype HTML><p>x'],
    ['JSON that calls itself a page', 'endpoint', 200, { 'content-type': html }, '{"name":"triton"}'],
  ])('tells %s: %s', (_, expected, status, headers, body) => {
    expect(kind(status, headers, body)).toBe(expected)
  })
})

describe('why there is no answer', () => {
  it.each([
    ['ENOTFOUND', 'name-unknown'],
    ['EAI_AGAIN', 'name-unknown'],
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['ETIMEDOUT', 'timeout'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['EPROTO', 'tls'],
    ['HPE_INVALID_CONSTANT', 'not-http'],
    ['ERR_INVALID_CHAR', 'unsendable'],
    ['ERR_PROXY_TUNNEL', 'proxy'],
    ['ERR_PROXY_INVALID_CONFIG', 'proxy'],
    ['ECONNRESET', 'closed'],
    ['SOMETHING_NEW', 'closed'],
  ])('%s is %s', (code, expected) => {
    const fault = faultOf(Object.assign(new Error('secret words'), { code }), 'gpu.example.org', '443')
    expect(fault).toMatchObject({ code: expected, title: 'gpu.example.org cannot be asked' })
    expect(fault.cause + fault.remedy).not.toContain('secret words')
    expect(fault.remedy).not.toBe('')
  })

  it('takes the first of several addresses that all failed', () => {
    const each = ['ECONNREFUSED', 'ENETUNREACH'].map((code) => Object.assign(new Error(), { code }))
    expect(faultOf(new AggregateError(each), 'h', '1').code).toBe('refused')
    expect(faultOf('no error at all', 'h', '1')).toBeInstanceOf(HttpFault)
  })

  it('tells a server that hangs from a way that is closed', () => {
    expect(timeoutFault('h', 30_000, true)).toMatchObject({ isConnected: true, title: 'h did not answer within 30 s' })
    expect(timeoutFault('h', 500, false)).toMatchObject({ isConnected: false, title: 'h did not answer within 500 ms' })
  })
})
