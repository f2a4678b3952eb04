export { createDiscovery, type Discovery } from './discovery.ts';
export { beginSignIn, finishSignIn, recordReturn, type SignOut, signOutThere } from './flow.ts';
export { type ProviderChoice, type ProviderView, providerChoices } from './provider.ts';
export {
  callbackPath,
  createProvider,
  deleteProvider,
  listProviders,
  PROVIDER_OPERATIONS,
  testProvider,
  updateProvider,
} from './provider-operations.ts';
