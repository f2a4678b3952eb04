/** How every kind of body looks in XML; the name is that of the root element. */
import { USER_XML, type XmlShape } from '../../feeds/index.ts';
import { CONF_SHAPES } from './conf-shapes.ts';

/** A list document: `<users total_record_count="2"><user/>…`. */
export function listShape(member: string, item: XmlShape): XmlShape {
  return { total_record_count: 'attribute', [member]: { list: item } };
}

export const SHAPES: Readonly<Record<string, XmlShape>> = {
  ...CONF_SHAPES,
  user: USER_XML,
  users: listShape('user', USER_XML),
  item_loans: listShape('item_loan', {}),
  user_requests: listShape('user_request', {}),
  fees: {
    total_record_count: 'attribute',
    total_sum: 'attribute',
    currency: 'attribute',
    fee: { list: { type: 'coded', status: 'coded' } },
  },
};
