// Tests run on tsc's own output: no second compiler, and what is tested is what is bundled.
export default {
  roots: ['<rootDir>/lib/test'],
  testMatch: ['**/*.test.js'],
  // Whole matrices, minutes each: `npm test -- --long`.
  testPathIgnorePatterns: process.env.LONG_TESTS === 'yes' ? [] : ['\\.long\\.test\\.js$'],
  testEnvironment: 'node',
  transform: {},
  // The default leaves one core idle, which on two cores is half of them.
  maxWorkers: 3,
  setupFiles: ['<rootDir>/lib/test/loopback-only.js'],
  testTimeout: 60_000,
}
