# Who is logged in stays logged in when her record is erased: nothing of before
# is shown again, also when she decides anew, nor what was withheld then.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Login;

my $t = Consent::Test->new;

$t->upstream({ body => 'seen' });

$t->keys;
$t->policy;
my $login = Consent::Test::Login->new($t);

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        consent_identity cookie=idp key=%%DIR%%/idp.key alg=HS256 issuer=idp;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $kim = $login->citizen(sub => 'kim');
my $other = $login->citizen(sub => 'other');
my $record = sub { $_[0]->json('GET', '/.privacy/api/v1/record')->json };

for ($kim, $other) {
    $_->choose(level => 'forms', scope => 'standing', ai => 'any');
    $_->get('/before?plats=Solna');
}

my $before = $record->($kim);
is_deeply([map { @{$_->{categories}} } @{$before->{withheld}}], ['location'], 'something was withheld');

my %form = $kim->form($kim->get('/.privacy/erase'), '/.privacy/erase');
is($kim->post('/.privacy/erase', \%form)->status, 303, 'she erases');

my $none = $record->($kim);
is($none->{state}{status}, 'none', 'nothing is in force');
is_deeply([map { scalar @{$none->{$_}} } qw(history receipts texts withheld)], [0, 0, 0, 0], 'and nothing is held');

# another device of hers

my $second = $login->citizen(sub => 'kim');
$second->choose(level => 'contact', scope => 'standing', ai => 'any');
my $anew = $record->($second);
is($anew->{state}{level}, 'contact', 'she decides anew');
is(scalar @{$anew->{history}}, 1, 'with a history that begins there');
is_deeply($anew->{withheld}, [], 'what was withheld before is not remembered');
is($anew->{subject}, $before->{subject}, 'under her pseudonym');
isnt($anew->{receipts}[0]{evidence}{opening}{key}, $before->{receipts}[0]{evidence}{opening}{key}, 'but another key');

is(scalar @{$record->($other)->{withheld}}, 1, 'another\'s is as it was');

done_testing();
