// @vitest-environment jsdom
import { fireEvent, render } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import OrderForm from './OrderForm.svelte';

test('a mistake is named once the field is left, and nothing is ordered', async () => {
  const onorder = vi.fn();
  const { getByLabelText, getByRole, container } = render(OrderForm, { isSending: false, onorder });
  const field = getByLabelText('Repository');
  await fireEvent.input(field, { target: { value: 'flask' } });
  expect(field.getAttribute('aria-invalid')).toBe('false');
  await fireEvent.blur(field);
  expect(field.getAttribute('aria-invalid')).toBe('true');
  await fireEvent.click(getByRole('button', { name: 'Build' }));
  expect(container.querySelector('#address-note')!.textContent).toContain('owner/repository');
  expect(onorder).not.toHaveBeenCalled();
});

test('the same order keeps its key, another one gets another', async () => {
  const keys: string[] = [];
  const { getByLabelText, getByRole } = render(OrderForm, {
    isSending: false,
    onorder: (_order, key) => keys.push(key)
  });
  const send = () => fireEvent.click(getByRole('button', { name: 'Build' }));
  await fireEvent.input(getByLabelText('Repository'), { target: { value: 'git@github.com:pallets/flask.git' } });
  await send();
  await send();
  await fireEvent.click(getByLabelText(/Embeddings/));
  await send();
  expect(keys).toHaveLength(3);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
});
