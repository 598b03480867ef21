// Makes the replica set of one, and for each service a user who can use its database and no other; doing it again
// gives them the passwords of the environment and changes nothing else.
const admin = db.getSiblingDB("admin");
const NOT_YET = 94;

function makeReplicaSet() {
  try {
    rs.status();
  } catch (error) {
    if (error.code !== NOT_YET) throw error;
    rs.initiate({ _id: "knowhow", members: [{ _id: 0, host: "mongodb:27017" }] });
  }
  while (!db.hello().isWritablePrimary) sleep(100);
}

function makeUser(service) {
  const user = `knowhow-${service}`;
  const known = {
    pwd: process.env[`MONGODB_PASSWORD_${service.toUpperCase()}`],
    roles: [{ role: "readWrite", db: `knowhow_${service}` }],
  };
  if (admin.getUser(user)) admin.updateUser(user, known);
  else admin.createUser({ user, ...known });
}

admin.auth("root", process.env.MONGODB_PASSWORD_ROOT);
makeReplicaSet();
["discover", "share", "codify", "spread"].forEach(makeUser);
