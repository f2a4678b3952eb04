import { expect, it } from 'vitest';
import { checkLinks, isPrivateAddress, linksIn } from './dead-links.ts';

it('finds the addresses that a letter names in full', () => {
  const text = `Open [the shelf](https://library.example.org/shelf_(new)?a=1&b=2), <https://library.example.org/>, or
https://library.example.org/end. Not [yours](https://library.example.org/{{ user.primary_id }}), {{ library.web }},
mailto:desk@library.example.org or **https://library.example.org/bold**.`;
  expect(linksIn(text)).toEqual([
    'https://library.example.org/shelf_(new)?a=1&b=2',
    'https://library.example.org/',
    'https://library.example.org/end',
    'https://library.example.org/bold',
  ]);
});

it('knows what lies within', () => {
  const within = [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
  ];
  const within6 = ['::1', '::', 'fe80::1', 'fd00::1', 'ff02::1', '::ffff:127.0.0.1', '64:ff9b::a00:1', '2002:a00:1::'];
  for (const address of [...within, ...within6]) expect([address, isPrivateAddress(address)]).toEqual([address, true]);
  for (const address of ['8.8.8.8', '::ffff:8.8.8.8', '172.32.0.1', '192.169.0.1', '2001:4860:4860::8888', '2a00::1']) {
    expect([address, isPrivateAddress(address)]).toEqual([address, false]);
  }
});

it('opens nothing within, however it is written', async () => {
  const tricks = [
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://localhost/',
    'http://[::ffff:127.0.0.1]/',
    'https://127.1/',
  ];
  const states = await checkLinks(tricks, false);
  expect(states.map(({ ok, detail }) => [ok, detail])).toEqual(tricks.map(() => [false, 'private address']));
});
