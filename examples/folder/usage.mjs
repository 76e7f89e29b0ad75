/** The help of `npm run classify`, in plain JavaScript, so that it can be shown before anything is installed. */
export const USAGE = `npm run classify -- FOLDER [options]

Classifies each picture of a folder and its subfolders. Run it again and it resumes where it stopped.

  --url URL          the service; without it the Worker is started on this machine
  --output FILE      .csv or .ndjson (labels.csv; with --collection labels-NAME.csv, with --embed embeddings.ndjson)
  --top-k N          predictions of each picture (1)
  --collection NAME  by the labels of a collection, of the service at http://localhost:8787 unless --url names another;
                     a picture that is like none of them is marked unknown
  --embed            the feature vector of each picture instead, as NDJSON: 1024 little-endian float32 in base64
  --shrink           make pictures smaller before they are sent: to a short side of 512, which is enough
  --batches N        requests on their way at once (4); each has as many pictures as the service takes
  --sort-into DIR    also link each picture into folders by its tags, as DIR/animal/dog, or by its label of the
                     collection; copy it where a link is not possible. Nothing is moved, overwritten or deleted

A key is read from the environment: MOBILENET_EDGE_KEY.`;
