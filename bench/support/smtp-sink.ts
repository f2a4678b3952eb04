/**
 * A mail server that says yes to everything and keeps nothing, as fast as it can, in a process of its own:
 * both sides of a benchmark talk to the same. Says `listening <port>` once it is there, and for every line
 * on standard input how many messages it has taken since the last one.
 */
import net from 'node:net';

let taken = 0;

const server = net.createServer((socket) => {
  socket.setNoDelay(true);
  let inData = false;
  let rest = '';
  socket.write('220 sink\r\n');
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1');
    let answers = '';
    for (;;) {
      if (inData) {
        const end = rest.startsWith('.\r\n') ? 0 : rest.indexOf('\r\n.\r\n');
        if (end === -1) {
          // The end may be cut in two.
          rest = rest.slice(-4);
          break;
        }
        rest = rest.slice(end === 0 && rest.startsWith('.\r\n') ? 3 : end + 5);
        inData = false;
        taken += 1;
        answers += '250 taken\r\n';
      }
      const end = rest.indexOf('\r\n');
      if (end === -1) break;
      const verb = rest.slice(0, 4).toUpperCase();
      rest = rest.slice(end + 2);
      if (verb === 'EHLO') answers += '250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING\r\n';
      else if (verb === 'DATA') {
        inData = true;
        answers += '354 go on\r\n';
      } else if (verb === 'QUIT') {
        socket.end('221 bye\r\n');
        return;
      } else answers += '250 ok\r\n';
    }
    if (answers !== '') socket.write(answers);
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`listening ${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});

process.stdin.on('data', () => {
  process.stdout.write(`taken ${taken}\n`);
  taken = 0;
});
process.stdin.on('end', () => process.exit(0));
