// Loaded into a program that a launcher runs as its child: file 3 is a pipe that the launcher holds
// open. When the launcher is killed, the pipe ends, and so does the program, in the same way.
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

// Worker threads are given the same modules to load, and share the file.
if (isMainThread) {
  const tether = new Socket({ fd: 3 });
  tether.on('error', () => undefined);
  tether.on('close', () => process.kill(process.pid, 'SIGKILL'));
  tether.resume();
  tether.unref();
}
