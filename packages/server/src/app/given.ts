/** The members of `Value` that may be undefined become optional ones that are absent instead. */
type Given<Value> = {
  [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Value[Key];
} & {
  [Key in keyof Value as undefined extends Value[Key] ? Key : never]?: Exclude<
    Value[Key],
    undefined
  >;
};

/** The object without its undefined members: absent and undefined are different, and only absent means "not given". */
export const given = <Value extends object>(value: Value): Given<Value> =>
  Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as Given<Value>;
