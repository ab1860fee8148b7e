import type { ApiClient, Schemas } from './client';

/* What an account has built again by itself. */

export type Schedule = Schemas['ScheduleSummary'];
export type Every = Schemas['ScheduleEvery'];

export async function schedules(api: ApiClient): Promise<Schedule[]> {
  return (await api.get<Schemas['Schedules']>('/v1/me/schedules')).items;
}

export function setSchedule(api: ApiClient, request: Schemas['ScheduleRequest']): Promise<Schedule> {
  return api.post('/v1/me/schedules', request);
}

export function removeSchedule(api: ApiClient, id: string): Promise<void> {
  return api.remove(`/v1/me/schedules/${encodeURIComponent(id)}`);
}
