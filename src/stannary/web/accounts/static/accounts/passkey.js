// Asks the browser for a passkey, or to make one, and sends what it answers through an ordinary form.
// What is asked stands in the form's data-options, or is fetched when the button is pressed.

const toBytes = (text) => {
  const padded = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(padded), (sign) => sign.charCodeAt(0));
};

const toText = (buffer) => {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(signs).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

const named = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

// The fields that are bytes, from the words of the standard's JSON form.
const asked = (options) => {
  const key = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) key.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.excludeCredentials) key.excludeCredentials = named(options.excludeCredentials);
  if (options.allowCredentials) key.allowCredentials = named(options.allowCredentials);
  return key;
};

const BYTES = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];

const answered = (credential) => {
  const response = {};
  for (const name of BYTES) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
};

// A passkey that signs in alone must live on the device and know its owner.
const aloneOrNot = (key, alone) => ({
  ...key,
  authenticatorSelection: {
    ...key.authenticatorSelection,
    residentKey: alone ? 'required' : 'discouraged',
    requireResidentKey: alone,
    ...(alone ? { userVerification: 'required' } : {}),
  },
});

const optionsOf = async (form) => {
  if (form.dataset.passkey !== 'fetch') return JSON.parse(form.dataset.options).publicKey;
  const answer = await fetch(form.action, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()).request_options.publicKey;
};

const reasonOf = (error, form) => {
  const said = form.querySelector('.passkey-error').dataset;
  if (error.name === 'InvalidStateError') return said.known;
  return error.name === 'NotAllowedError' && form.dataset.passkey !== 'create' ? said.unknown : said.none;
};

const act = async (form) => {
  const key = asked(await optionsOf(form));
  const alone = form.elements.passwordless?.checked ?? false;
  const credential =
    form.dataset.passkey === 'create'
      ? await navigator.credentials.create({ publicKey: aloneOrNot(key, alone) })
      : await navigator.credentials.get({ publicKey: key });
  form.elements.credential.value = JSON.stringify(answered(credential));
  form.submit();
};

for (const form of document.querySelectorAll('form.passkey')) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  for (const note of document.querySelectorAll('.passkey-not')) note.hidden = true;
  const problem = form.querySelector('.passkey-error');
  const start = async () => {
    problem.hidden = true;
    try {
      await act(form);
    } catch (error) {
      problem.textContent = reasonOf(error, form);
      problem.hidden = false;
    }
  };
  form.querySelector('button[type=button]').addEventListener('click', start);
  form.addEventListener('submit', (event) => {
    event.preventDefault(); // Enter in the name's field
    start();
  });
}
