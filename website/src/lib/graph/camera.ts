export interface Camera {
  x: number;
  y: number;
  ratio: number;
}

/** The camera of the whole map; also what sigma begins with. */
export const HOME: Camera = { x: 0.5, y: 0.5, ratio: 1 };
