import type { AnyOperation } from '../../core/index.ts';
import {
  confirmFeedFile,
  discardFeedFile,
  fetchFeedNow,
  listFeedFiles,
  listRejections,
  loadFeed,
  previewFeed,
  previewHeld,
} from './load-operations.ts';
import { createFeed, deleteFeed, listFeeds, showFeed, updateFeed } from './profile-operations.ts';

export const FEED_OPERATIONS = [
  listFeeds,
  showFeed,
  createFeed,
  updateFeed,
  deleteFeed,
  previewFeed,
  previewHeld,
  loadFeed,
  confirmFeedFile,
  discardFeedFile,
  listFeedFiles,
  listRejections,
  fetchFeedNow,
] as const satisfies readonly AnyOperation[];
export {
  confirmFeedFile,
  createFeed,
  deleteFeed,
  discardFeedFile,
  fetchFeedNow,
  listFeedFiles,
  listFeeds,
  listRejections,
  loadFeed,
  previewFeed,
  previewHeld,
  showFeed,
  updateFeed,
};
export { tendFeeds } from './fetch.ts';
export type { FeedFileView, FeedPreview } from './load-operations.ts';
export { findProfile, type Profile, type ProfileView } from './profile.ts';
