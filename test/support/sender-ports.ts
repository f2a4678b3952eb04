import { commitLetterLink, hashPassword, newLetterLink, newPassword, revokeLetterLink } from '../../src/access/index.ts';
import { commitCredentials, revokeCredential } from '../../src/changes/index.ts';
import type { Channel, SenderPorts } from '../../src/letters/index.ts';

/** What the sender is given when Muster is put together, with one way out. */
export function senderPorts(email: Channel): SenderPorts {
  return {
    channels: { email, sms: null },
    newPassword,
    hashPassword,
    commitCredentials,
    revokeCredential,
    newLink: () => newLetterLink('https://library.example.org'),
    commitLink: commitLetterLink,
    revokeLink: revokeLetterLink,
  };
}
