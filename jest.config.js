// Tests run on tsc's own output: no second compiler, and what is tested is what is bundled.
export default {
  roots: ['<rootDir>/lib/test'],
  testMatch: ['**/*.test.js'],
  testEnvironment: 'node',
  transform: {},
  setupFiles: ['<rootDir>/lib/test/loopback-only.js'],
  testTimeout: 60_000,
}
