# Claims beside the name where nginx itself has set them as variables: what is
# known only after the access phase is waited for, and what more care is needed
# for passes nowhere before.

use lib 't/lib';
use Consent::Test;

use JSON::PP;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

my $session = $t->upstream(sub {
    my ($r) = @_;
    my %s = ($r->header('Cookie') // '') =~ /(user|acting|minor|protected)=(\w+)/g;

    return { headers => [map { ("X-\u$_", $s{$_} // '') } qw(user acting minor protected)], body => '' };
}, port => 2);

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        auth_request /session;
        auth_request_set $login_user $upstream_http_x_user;
        auth_request_set $login_acting $upstream_http_x_acting;
        auth_request_set $login_minor $upstream_http_x_minor;
        auth_request_set $login_protected $upstream_http_x_protected;
        consent_identity subject=$login_user issuer=portal acting_claim=$login_acting minor_claim=${login_minor}
            protected_claim=$login_protected;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }

        location = /session {
            internal;
            auth_request off;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_pass http://127.0.0.1:%%PORT_2%%;
        }
    }
EOF

my $version = decode_json($t->get('/.privacy/api/v1/state')->body)->{policy_version};

sub put {
    my ($cookie, $level) = @_;

    return $t->request('PUT', '/.privacy/api/v1/state', cookie => $cookie, headers => ['Accept', 'application/json',
        'Content-Type', 'application/json'], body => encode_json({ policy_version => $version, level => $level }));
}

sub passes {
    my ($cookie) = @_;

    $t->get('/?pnr=198112289874', cookie => $cookie);

    return ($up->requests)[-1]->uri =~ /pnr=/ ? 1 : 0;
}

sub by {
    my ($cookie) = @_;

    return $t->get('/.privacy/api/v1/history', cookie => $cookie)->json->{decisions}[0]{by};
}

is(put('user=kim', 'forms')->status, 200, 'she decides herself');
is(passes('user=kim'), 1, 'what she shares passes');
is(by('user=kim'), 'self', 'as herself');

is(put('user=kim; acting=representative', 'forms')->status, 200, 'a representative decides');
is(by('user=kim'), 'representative', 'as one');
is(put('user=kim; acting=guardian; minor=1', 'forms')->status, 200, 'a guardian decides for who is under age');
is(by('user=kim'), 'guardian', 'as one');
is(passes('user=kim; minor=1'), 1, 'which is in force for her');
is(put('user=kim; minor=1', 'fitted')->status, 403, 'she cannot choose more');
is(put('user=kim; minor=1', 'contact')->status, 200, 'but less');
is(passes('user=kim; minor=1'), 0, 'which is in force at once');

is(put('user=kim', 'forms')->status, 200, 'of age again');
is(passes('user=kim; protected=1'), 0, 'of who is protected nothing passes');
is(passes('user=kim; protected=0'), 1, 'a clear no is a no');
is(passes('user=kim; acting=nobody'), 0, 'who acts in no known role is nobody');

# the language of nginx -t

for my $row (
    ['subject=$login_user issuer=p acting_claim=$http_x_acting', qr/acting_claim="\$http_x_acting" is what a client sends/],
    ['subject=$login_user issuer=p minor_claim=minor', qr/minor_claim= needs a variable/],
    ['subject=$login_user issuer=p protected_claim=$a$b', qr/protected_claim= needs one variable/],
    ['subject=$login_user issuer=p protected_claim=', qr/invalid parameter "protected_claim="/],
    ['subject=$login_user issuer=p minor_claim=$login_user minor_claim=$login_user', qr/invalid parameter "minor_claim=/],
    ['cookie=idp key=%%DIR%%/idp.key alg=HS256 acting_claim=$x', qr/acting_claim= needs the name of a claim/],
) {
    my ($identity, $says) = @$row;

    $t->write('idp.key', 'k' x 32);
    chmod 0600, $t->path('idp.key');
    my ($status, $said) = $t->check(<<"EOF");
    %%CONSENT%%
    server {
        listen 127.0.0.1:%%PORT_3%%;
        set \$login_user x;
        set \$x x;
        consent_identity $identity;
        location / { return 204; }
    }
EOF
    ok(!$status, "refused: $identity");
    like($said, $says, 'and told why');
}

done_testing();
