import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../runs/index.ts';
import { AlmaError } from '../wire/index.ts';
import { readM148, type M148Options } from './m148.ts';
import { CONDITIONS, PARAMETER_NAMES } from './m148-codes.ts';

const OPTIONS: M148Options = {
  timeZone: 'Europe/Berlin',
  title: 'job_category',
  externalId: 'SIS',
  institution: '01ABC_INST',
  notifications: {},
};

/** Parameters by their short names; those of the two forms keep their prefix. */
function body(values: Readonly<Record<string, unknown>>): unknown[] {
  return Object.entries({ set_id: '7', ...values }).map(([name, value]) => ({
    name: { value: /^(?:set_id|job_name|PRODUCT|SEND_)/.test(name) ? name : `UPDATE_User_Information_${name}` },
    value,
  }));
}

const read = (values: Readonly<Record<string, unknown>>, options: Partial<M148Options> = {}) =>
  readM148(body(values), { ...OPTIONS, ...options });

/** The changes of an action that is ticked. */
function changes(field: string, value: unknown, more: Readonly<Record<string, unknown>> = {}, options: Partial<M148Options> = {}) {
  return read({ [`${field}_Active`]: true, [`${field}_Value`]: value, ...more }, options).plan.changes;
}

function error(values: Readonly<Record<string, unknown>>): AlmaError {
  try {
    read(values);
  } catch (thrown) {
    if (thrown instanceof AlmaError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

describe('the parameters of M148', () => {
  it('are 72', () => {
    expect(PARAMETER_NAMES).toHaveLength(72);
    expect(new Set(PARAMETER_NAMES).size).toBe(72);
  });

  it('become a plan, all at once, in an order that is always the same', () => {
    const order = read({
      FieldType_Value: 'BY_USER_ACCOUNT_TYPE',
      SetAccountTo_Active: 'true',
      SetAccountTo_Value: 'INTERNAL',
      DontGeneratePassword_Active: 'true',
      DontGeneratePassword_Value: 'true',
      Status_Active: 'true',
      Status_Value: 'INACTIVE',
      Status_Condition: 'Null',
      Expiry_Date_Active: 'true',
      Expiry_Date_Value: '1743379200000',
      Expiry_Date_Condition: 'Null',
      Purge_Date_Active: 'true',
      Purge_Date_Value: 1_774_915_200_000,
      Purge_Date_Condition: 'IF_EMPTY',
      UserGroup_Active: 'true',
      UserGroup_Value: 11,
      UserGroup_Condition: 'IF_NOT_EMPTY',
      Campus_Active: true,
      Campus_Value: 'MED',
      Title_Active: true,
      Title_Value: 'Circulation',
      JobDescription_Active: true,
      JobDescription_Value: 'Class of 2026',
      CatalogerLevel_Active: true,
      CatalogerLevel_Value: '00',
      RSL_Active: true,
      RSL_Value: 'MAIN',
      RemoveRSL_Active: true,
      RemoveRSL_Value: 'LAW',
      AddBlock_Active: true,
      AddBlock_Value: '02-GLOBAL',
      AddBlock_Scope: 'Come to the desk',
      AddBlock_Scope_Name: 'Null',
      DisableBlock_Active: true,
      DisableBlock_Value: '01-GLOBAL',
      AddNote_Active: true,
      AddNote_Value: 'Moved',
      AddNote_Scope: 'LIBRARY',
      AddNote_Scope_Name: 'Library',
      AddRole_Active: true,
      AddRole_Value: '200',
      AddRole_Scope: '01abc_inst',
      RemoveRole_Active: true,
      RemoveRole_Value: 32,
      RemoveRole_Scope: 'MAIN',
      AddStatistics_Active: true,
      AddStatistics_Value: 'ARTS',
      RemoveStatistics_Active: true,
      RemoveStatistics_Value: 'LAW',
      RemoveStatistics_Scope: 'TYPE',
      DisableSMS_Active: true,
      DisableSMS_Value: true,
      Opt_In_Patron_Letters_Active: true,
      Opt_In_Patron_Letters_Value: 'FulLoanReceiptLetter',
      Opt_Out_Patron_Letters_Active: true,
      Opt_Out_Patron_Letters_Value: 'FulReturnReceiptLetter',
      ExportToCloudIdP_Active: true,
      ExportToCloudIdP_Value: true,
      SEND_Notification_To_User_Active: true,
      SEND_Notification_To_User_Value: 'GENERAL_NOTICE',
      PRODUCT: 'alma',
      job_name: 'Summer',
    });
    expect(order).toEqual({
      set: '7',
      name: 'Summer',
      plan: {
        changes: [
          { change: 'account_type', set: 'INTERNAL', credentials: 'none' },
          { change: 'status', set: 'INACTIVE' },
          { change: 'expiry_date', set: '2025-03-31' },
          { change: 'purge_date', set: '2026-03-31', when: 'if_empty' },
          { change: 'user_group', set: '11', when: 'if_not_empty' },
          { change: 'campus_code', set: 'MED' },
          { change: 'job_category', set: 'Circulation' },
          { change: 'job_description', set: 'Class of 2026' },
          { change: 'cataloger_level', set: '00' },
          { change: 'rs_library', add: { code: 'MAIN' } },
          { change: 'rs_library', remove: { code: 'LAW' } },
          { change: 'block', add: { description: '02-GLOBAL', note: 'Come to the desk', segment: 'by_account_type' } },
          { change: 'block', deactivate: { description: '01-GLOBAL' } },
          { change: 'note', add: { text: 'Moved', type: 'LIBRARY', segment: 'by_account_type' } },
          { change: 'role', add: { type: '200', scope: 'INSTITUTION' } },
          { change: 'role', remove: { type: '32', scope: 'MAIN' } },
          { change: 'statistic', add: { category: 'ARTS', segment: 'by_account_type' } },
          { change: 'statistic', remove: { category: 'LAW', type: 'TYPE' } },
          { change: 'phone', sms: 'off' },
          { change: 'letter_preference', opt_in: 'FulLoanReceiptLetter' },
          { change: 'letter_preference', opt_out: 'FulReturnReceiptLetter' },
        ],
        notify: { type: 'GENERAL_NOTICE', to: 'all' },
        remarks: [{ code: 'alma.no_cloud_identity' }],
      },
    });
    expect(parsePlan(order.plan)).toEqual(order.plan);
  });

  it('are unused unless ticked, whatever their values say', () => {
    expect(
      read({ Status_Active: 'TRUE', Status_Value: 'active', Expiry_Date_Active: 'false', Expiry_Date_Value: 'nonsense' }).plan,
    ).toEqual({
      changes: [{ change: 'status', set: 'ACTIVE' }],
    });
    for (const off of ['false', 'Null', '', false, null, undefined, 0, 1, 'yes']) {
      expect(error({ Status_Active: off, Status_Value: 'ACTIVE' }), String(off)).toMatchObject({ code: '402229' });
    }
  });

  it('may be texts, numbers or truth values, with or without the wrapping of a code', () => {
    const order = readM148(
      [
        { name: 'set_id', value: { value: 12 } },
        { name: { value: 'UPDATE_User_Information_UserGroup_Active', desc: 'x' }, value: true },
        { name: { value: 'UPDATE_User_Information_UserGroup_Value' }, value: 11 },
      ],
      OPTIONS,
    );
    expect(order).toEqual({ set: '12', name: null, plan: { changes: [{ change: 'user_group', set: '11' }] } });
  });
});

describe('dates', () => {
  it('are points in time that fall on a day of the library', () => {
    const late = Date.UTC(2027, 5, 30, 23, 30);
    expect(changes('Expiry_Date', String(late))).toEqual([{ change: 'expiry_date', set: '2027-07-01' }]);
    expect(changes('Expiry_Date', late, {}, { timeZone: 'America/New_York' })).toEqual([{ change: 'expiry_date', set: '2027-06-30' }]);
    expect(changes('Purge_Date', '-86400000', {}, { timeZone: 'UTC' })).toEqual([{ change: 'purge_date', set: '1969-12-31' }]);
  });

  it('may be written out', () => {
    for (const written of ['2027-06-30', '2027-06-30Z']) {
      expect(changes('Expiry_Date', written)).toEqual([{ change: 'expiry_date', set: '2027-06-30' }]);
    }
  });

  it('clear the field when they are empty or 0, which the report tells', () => {
    for (const empty of ['0', 0, '', 'Null', null, undefined, 'false']) {
      const { plan } = read({ Expiry_Date_Active: true, Expiry_Date_Value: empty, Expiry_Date_Condition: 'IF_NOT_EMPTY' });
      expect(plan, String(empty)).toEqual({
        changes: [{ change: 'expiry_date', clear: true, when: 'if_not_empty' }],
        remarks: [{ code: 'alma.date_cleared', params: { field: 'expiry_date' } }],
      });
    }
  });

  it('that mean nothing are refused', () => {
    for (const bad of ['tomorrow', '999999999999999', '1743379200000000', '-99999999999999', '1e12', '12.5', '31.12.2027']) {
      expect(error({ Purge_Date_Active: true, Purge_Date_Value: bad }), bad).toMatchObject({
        code: '402229',
        message: expect.stringContaining('UPDATE_User_Information_Purge_Date_Value'),
      });
    }
  });
});

describe('conditions', () => {
  it('have many spellings', () => {
    const spellings = [
      ['Null', undefined],
      ['', undefined],
      [null, undefined],
      ['Unconditionally', undefined],
      ['IF_EMPTY', 'if_empty'],
      ['If field empty', 'if_empty'],
      ['fieldIsEmpty', 'if_empty'],
      ['if_not_empty', 'if_not_empty'],
      ['If field not empty', 'if_not_empty'],
      ['NOT_EMPTY', 'if_not_empty'],
    ] as const;
    for (const [spelling, when] of spellings) {
      const expected = { change: 'campus_code', set: 'MED', ...(when === undefined ? {} : { when }) };
      expect(changes('Campus', 'MED', { Campus_Condition: spelling }), String(spelling)).toEqual([expected]);
    }
    expect(Object.keys(CONDITIONS).length).toBeGreaterThan(15);
  });

  it('that nobody knows are refused, not passed over', () => {
    for (const bad of ['IF_EQUAL', 'constructor', '__proto__']) {
      expect(error({ Campus_Active: true, Campus_Value: 'MED', Campus_Condition: bad })).toMatchObject({ code: '402229' });
    }
  });
});

describe('account type, passwords and notifications', () => {
  it('makes a password unless told not to', () => {
    expect(changes('SetAccountTo', 'internal')).toEqual([{ change: 'account_type', set: 'INTERNAL', credentials: 'password' }]);
    for (const value of ['true', true, 'Null', undefined]) {
      expect(changes('SetAccountTo', 'INTERNAL', { DontGeneratePassword_Active: true, DontGeneratePassword_Value: value })).toEqual([
        { change: 'account_type', set: 'INTERNAL', credentials: 'none' },
      ]);
    }
    expect(changes('SetAccountTo', 'INTERNAL', { DontGeneratePassword_Active: 'true', DontGeneratePassword_Value: 'false' })).toMatchObject(
      [{ credentials: 'password' }],
    );
    expect(changes('SetAccountTo', 'INTEXTAUTH')).toEqual([{ change: 'account_type', set: 'INTEXTAUTH' }]);
  });

  it('takes the feed of external users from the settings and says so', () => {
    expect(read({ SetAccountTo_Active: true, SetAccountTo_Value: 'EXTERNAL' }, { externalId: 'CAMPUS' }).plan).toEqual({
      changes: [{ change: 'account_type', set: 'EXTERNAL', external_id: 'CAMPUS' }],
      remarks: [{ code: 'alma.external_id_assumed', params: { feed: 'CAMPUS' } }],
    });
    expect(error({ SetAccountTo_Active: true, SetAccountTo_Value: 'FRIEND' })).toMatchObject({ code: '402229' });
    expect(error({ SetAccountTo_Active: true, SetAccountTo_Value: 'Null' })).toMatchObject({ code: '402229' });
  });

  const notify = (type: unknown) => ({ SEND_Notification_To_User_Active: 'true', SEND_Notification_To_User_Value: type });

  it('“Notify Password Change” alone resets passwords', () => {
    expect(read(notify('NOTIFY_PASSWORD_CHANGE')).plan).toEqual({ changes: [{ change: 'password', reset: 'password' }] });
  });

  it('with a conversion to internal the new password comes with it', () => {
    expect(read({ ...notify('NOTIFY_PASSWORD_CHANGE'), SetAccountTo_Active: true, SetAccountTo_Value: 'INTERNAL' }).plan).toEqual({
      changes: [{ change: 'account_type', set: 'INTERNAL', credentials: 'password' }],
      remarks: [{ code: 'alma.reset_with_conversion' }],
    });
    const without = { DontGeneratePassword_Active: true, DontGeneratePassword_Value: true };
    expect(
      error({ ...notify('NOTIFY_PASSWORD_CHANGE'), SetAccountTo_Active: true, SetAccountTo_Value: 'INTERNAL', ...without }),
    ).toMatchObject({
      code: '402229',
    });
  });

  it('sends other types as they are called, or as the library has mapped them', () => {
    expect(read(notify('SOCIAL_LOGIN_INVITAION')).plan).toEqual({ changes: [], notify: { type: 'ACCOUNT_TYPE_CHANGED', to: 'all' } });
    expect(read(notify('OWN_TYPE')).plan.notify).toEqual({ type: 'OWN_TYPE', to: 'all' });
    expect(read(notify('TYPE_1'), { notifications: { TYPE_1: { type: 'WELCOME' } } }).plan.notify).toEqual({ type: 'WELCOME', to: 'all' });
    expect(read(notify('TYPE_2'), { notifications: { TYPE_2: { reset: true } } }).plan.changes).toEqual([
      { change: 'password', reset: 'password' },
    ]);
    expect(error(notify('Null'))).toMatchObject({ code: '402229' });
  });
});

describe('segments, and the field called Title', () => {
  it('belong to the feed, the library, or whoever owns the user', () => {
    for (const [given, segment] of [
      ['BY_USER_ACCOUNT_TYPE', 'by_account_type'],
      ['INTERNAL', 'Internal'],
      ['External', 'External'],
      ['Null', 'by_account_type'],
    ]) {
      expect(changes('AddNote', 'x', { FieldType_Value: given })).toEqual([{ change: 'note', add: { text: 'x', segment } }]);
    }
    expect(error({ AddNote_Active: true, AddNote_Value: 'x', FieldType_Value: 'BOTH' })).toMatchObject({ code: '402229' });
  });

  it('is the job category or the salutation, as the library has it', () => {
    expect(changes('Title', 'DR', { Title_Condition: 'if empty' }, { title: 'user_title' })).toEqual([
      { change: 'user_title', set: 'DR', when: 'if_empty' },
    ]);
  });
});

describe('what is refused', () => {
  it('names the parameter', () => {
    const cases: [Record<string, unknown>, string, string][] = [
      [{ set_id: '' }, '402228', 'set_id'],
      [{ set_id: 'Null' }, '402228', 'set_id'],
      [{ set_id: '<SET_ID>' }, '402229', '<SET_ID>'],
      [{ Colour_Active: 'true' }, '402228', 'UPDATE_User_Information_Colour_Active'],
      [{ UserGroup_Active: true, UserGroup_Value: '' }, '402229', 'UserGroup_Value'],
      [{ JobDescription_Active: true, JobDescription_Value: 'Null' }, '402229', 'JobDescription_Value'],
      [{ RSL_Active: true, RSL_Value: 'false' }, '402229', 'RSL_Value'],
      [{ Status_Active: true, Status_Value: ['x'] }, '402229', 'Status_Value'],
      [{}, '402229', 'nothing'],
    ];
    for (const [values, code, word] of cases) expect(error(values)).toMatchObject({ code, message: expect.stringContaining(word) });
  });

  it('is a body without parameters', () => {
    for (const bad of [undefined, null, {}, 'x', [], [1], [null], [{}], [{ name: {}, value: 1 }], [{ name: ' ', value: 1 }]]) {
      expect(() => readM148(bad, OPTIONS)).toThrow(AlmaError);
    }
  });
});
